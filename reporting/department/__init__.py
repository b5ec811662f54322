"""部门数据: the figures that belong to departments, one for each unit and month."""
