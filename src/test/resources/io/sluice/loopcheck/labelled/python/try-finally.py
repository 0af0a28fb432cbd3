import time
n = 0
while True:
    try:
        if work():
            break
    finally:
        n += 1
    if n > 3:
        raise SystemExit("three times")
    time.sleep(1)
