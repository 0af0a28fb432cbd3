while (
    not ready() and
	\
    waiting
):
    pass
