import time

n = 0
while not ready() or n < 10:
    n += 1
    time.sleep(1)
