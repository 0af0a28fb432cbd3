import time

for attempt in range(10):
    if ready():
        break
    time.sleep(1)
else:
    raise SystemExit("not ready after 10 tries")
