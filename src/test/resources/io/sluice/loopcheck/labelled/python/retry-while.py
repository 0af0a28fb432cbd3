import time

tries = 0
while True:
    try:
        upload()
        break
    except OSError as error:
        tries += 1
        if tries >= 5:
            raise
        print("retry after", error)
        time.sleep(1)
