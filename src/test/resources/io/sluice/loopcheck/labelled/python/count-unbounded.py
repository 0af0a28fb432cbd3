import itertools, time

for attempt in itertools.count():
    if ready():
        break
    time.sleep(1)
