import time

n = 0
while not ready() and n < 10:
    n += 1
    time.sleep(1)
if n == 10:
    print("not ready")
