import time

while True:
    try:
        upload()
        break
    except Exception:
        time.sleep(1)
