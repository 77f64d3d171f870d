def standardize(table):
    columns = [(column - column.mean()) / column.std() for column in table.T]
    return np.column_stack(columns)
