from datetime import datetime, timedelta
import time

end = datetime.now() + timedelta(minutes=5)
while datetime.now() < end:
    if job_done():
        print("done")
        break
    time.sleep(10)
else:
    print("job not done after five minutes")
