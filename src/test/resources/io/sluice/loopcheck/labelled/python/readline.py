with open("data.txt") as f:
    while True:
        line = f.readline()
        if not line:
            break
        handle(line)
