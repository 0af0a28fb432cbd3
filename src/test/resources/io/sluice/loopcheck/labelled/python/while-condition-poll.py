import time

while job.status() != "done":
    time.sleep(5)
