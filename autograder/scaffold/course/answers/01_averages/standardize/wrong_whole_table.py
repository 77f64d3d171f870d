# fails: test_each_column_has_a_scale_of_its_own
# says: each column needs its own
def standardize(table):
    return (table - table.mean()) / table.std()
