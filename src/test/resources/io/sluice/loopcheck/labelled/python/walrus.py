with open("data.bin", "rb") as f:
    while chunk := f.read(4096):
        handle(chunk)
