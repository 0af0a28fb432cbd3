import time

n = 0
while not ready(n):
    n += 1
    time.sleep(1)
