# fails: test_each_column_has_a_scale_of_its_own
# says: divide each by its standard deviation
# loses: 3.5
def standardize(table):
    return table - table.mean(axis=0)
