import time

while True:
    start = time.time()
    if poll():
        break
    if time.time() - start > 60:
        raise SystemExit("late")
