import itertools, time

for attempt in itertools.count(1):
    if ready():
        break
    if attempt >= 10:
        raise SystemExit("not ready")
    time.sleep(1)
