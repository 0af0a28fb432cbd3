stack = [root]
while stack:
    node = stack.pop()
    stack.extend(node.children)
