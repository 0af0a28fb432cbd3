while True:
    answer = input("Continue? ")
    if answer in ("y", "n"):
        break
