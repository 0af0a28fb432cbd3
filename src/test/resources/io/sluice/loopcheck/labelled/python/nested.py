import time

while True:
    for _ in range(3):
        if probe():
            break
        time.sleep(1)
    act()
