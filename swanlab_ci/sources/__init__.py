"""Where runs come from: a SwanLab server, or the folder of an offline run."""
