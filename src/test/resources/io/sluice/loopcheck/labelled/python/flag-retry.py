import time

again = True
while again:
    again = False
    try:
        call()
    except OSError:
        again = True
        time.sleep(1)
