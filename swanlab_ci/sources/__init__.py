"""Where runs come from: a SwanLab server, or a folder of run directories."""
