# %% [markdown]
# # 01 · Averages
#
# **You will be able to**
# - weight an average;
# - smooth a series of numbers with a moving average;
# - bring the columns of a table to a common scale.
#
# **Time** about 20 minutes · **Points** 10
#
# The cells marked TO DO are yours. Under each stands a `check`: run it as often as you like.

# %%
import numpy as np

from autograder import check

# %% [markdown]
# ## 1 · The weighted mean
#
# A mark that counts twice has the weight 2. The weighted mean of $x_1, \dots, x_n$ with weights $w_i$ is
#
# $$\bar{x} = \frac{\sum_i w_i x_i}{\sum_i w_i}.$$
#
# **TO DO.** Write `weighted_mean(values, weights)`.


# %% exercise="weighted-mean"
def weighted_mean(values, weights):
    """The mean of values (n,), weighted by weights (n,)."""
    ### BEGIN SOLUTION
    return np.sum(values * weights) / np.sum(weights)
    ### END SOLUTION


# %% check="weighted-mean"
check("weighted-mean")

# %% [markdown]
# ## 2 · The moving average
#
# A moving average of width $k$ takes the place of each number and its $k - 1$ successors by their mean. A series of
# $n$ numbers has $n - k + 1$ of them.
#
# **TO DO.** Write `moving_average(values, k)`.


# %% exercise="moving-average"
def moving_average(values, k):
    """The means of k neighbors each. values: (n,). Returns (n - k + 1,)."""
    ### BEGIN SOLUTION
    return np.convolve(values, np.ones(k) / k, mode="valid")
    ### END SOLUTION


# %% check="moving-average"
check("moving-average")

# %% tags=["skip-grading"]
# A demonstration that no answer needs: grading passes over it.
moving_average(np.array([2.0, 4.0, 9.0, 5.0, 1.0]), 3)

# %% [markdown]
# ## 3 · Columns on a common scale
#
# A table with heights in centimeters and incomes in dollars has columns of very different size. Standardizing gives each
# **column** mean 0 and standard deviation 1.
#
# **TO DO.** Write `standardize(table)`.


# %% exercise="standardize"
def standardize(table):
    """table (rows, columns), each column shifted to mean 0 and scaled to standard deviation 1."""
    ### BEGIN SOLUTION
    return (table - table.mean(axis=0)) / table.std(axis=0)
    ### END SOLUTION


# %% check="standardize"
check("standardize")
