# %% [markdown]
# # 02 · Random walks
#
# **You will be able to**
# - simulate many random walks at once;
# - draw them in a figure that a reader understands;
# - say how far a random walk gets.
#
# **Time** about 25 minutes · **Points** 10 · **Builds on** lesson 01

# %%
import matplotlib.pyplot as plt
import numpy as np

from autograder import check

# %% [markdown]
# ## 1 · Many walks at once
#
# A walker starts at 0 and takes a step of +1 or −1, each with probability ½. After $t$ steps the position is the sum of
# the first $t$ steps.
#
# **TO DO.** Write `random_walks(rng, walkers, steps)`, which returns the positions after each step, an array of shape
# `(walkers, steps)`. `rng` is a generator of NumPy, such as `np.random.default_rng(0)`.


# %% exercise="walks"
def random_walks(rng, walkers, steps):
    """Positions after each step. Returns (walkers, steps)."""
    ### BEGIN SOLUTION
    taken = rng.choice([-1, 1], size=(walkers, steps))
    return np.cumsum(taken, axis=1)
    ### END SOLUTION


# %% check="walks"
check("walks")

# %% [markdown]
# ## 2 · A figure
#
# **TO DO.** Write `plot_walks(walks)`, which draws each walk as a line, position against step, and returns the axes. Label
# both axes.


# %% exercise="plot-walks"
def plot_walks(walks):
    """A line for each of walks (walkers, steps), on axes of its own. Returns the axes."""
    ### BEGIN SOLUTION
    figure, axes = plt.subplots()
    axes.plot(np.arange(1, walks.shape[1] + 1), walks.T)
    axes.set(xlabel="step", ylabel="position")
    return axes
    ### END SOLUTION


# %% check="plot-walks"
check("plot-walks")

# %% tags=["skip-grading"]
plot_walks(random_walks(np.random.default_rng(0), 20, 400))

# %% [markdown]
# ## 3 · How far?
#
# After 100 steps the walkers are spread with a standard deviation of about 10, after 400 steps of about 20. Why does four
# times the number of steps give twice the spread, and not four times?

# %% [markdown] points=3 written="written-spread"
# ### BEGIN SOLUTION
# The steps are independent, so their *variances* add: after $t$ steps the variance is $t$, and the standard deviation is
# $\sqrt{t}$. Four times the steps is four times the variance, and twice the standard deviation.
#
# Rubric: 1 point for independence (or: steps partly cancel each other), 1 point for variances that add, 1 point for the square
# root.
# ### END SOLUTION
