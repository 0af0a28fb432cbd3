i = 0
while True:
    try:
        task = tasks[i]
    except IndexError:
        break
    i += 1
    run(task)
