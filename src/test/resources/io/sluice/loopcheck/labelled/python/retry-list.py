import time

pending = set(jobs)
while pending:
    for job in list(pending):
        if job.done():
            pending.remove(job)
    time.sleep(1)
