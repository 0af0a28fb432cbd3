for %%f in (*.txt) do copy "%%f" backup\
for /r . %%d in (*.log) do del "%%d"
