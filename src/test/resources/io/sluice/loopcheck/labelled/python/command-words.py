import sys

while True:
    line = sys.stdin.readline()
    word = line.strip().split(" ")[0]
    if word in ("", "quit"):
        break
    handle(word)
