from collections import deque

todo = deque(start)
while len(todo) > 0:
    handle(todo.popleft())
