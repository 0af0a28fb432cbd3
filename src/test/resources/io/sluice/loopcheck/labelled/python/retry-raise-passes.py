tries = 0
while True:
    try:
        tries += 1
        if tries > 5:
            raise RuntimeError("too many")
        upload()
        break
    except ValueError as error:
        print(error)
