for line in iter(stream.readline, ""):
    handle(line)
