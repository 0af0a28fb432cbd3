found = set(start)
todo = set(start)
while todo:
    now = list(todo)
    todo = set()
    for item in now:
        for other in neighbours(item):
            if other not in found:
                found.add(other)
                todo.add(other)
