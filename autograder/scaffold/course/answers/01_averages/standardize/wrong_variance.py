# fails: test_each_column_has_a_scale_of_its_own
# says: square root
def standardize(table):
    return (table - table.mean(axis=0)) / table.var(axis=0)
