# fails: test_counts_active_dimensions
<<<<<<< HEAD
# says: *not* active|far from 0|Three of these
=======
# says: far from 0
>>>>>>> a84029a (Lesson 05's checks: exercise active-units, warm-up by the optimizer's steps, Adam at 1e-3 named, stand-ins, hints, more right and wrong answers)
def active_units(z_means, threshold=0.01):
    return int(np.sum(np.abs(np.mean(z_means, axis=0)) > threshold))
