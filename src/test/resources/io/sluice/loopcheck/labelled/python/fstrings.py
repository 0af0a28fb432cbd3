name = "x"
print(f"{name!r} {'while True:'} {{ }} {name:>{10}}")
print('it\'s', r'\n', "\"")
while True:
    pass
