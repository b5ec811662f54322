"""目标: set in a grid, adjusted in mid-year, planned by month or quarter; read as they hold on a day.

in_force   the versions and plans that figures are held against
services   what is written
forms      the grids
workbook   a 分解表 read into the grid, and printed
"""
