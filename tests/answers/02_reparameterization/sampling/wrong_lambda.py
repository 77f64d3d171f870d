# fails: test_works_inside_a_model
# says: can't be loaded again
def Sampling(seed=None, **kwargs):
    generator = keras.random.SeedGenerator(seed)

    def sample(inputs):
        z_mean, z_log_var = inputs
        return z_mean + ops.exp(0.5 * z_log_var) * keras.random.normal(ops.shape(z_mean), seed=generator)

    return keras.layers.Lambda(lambda inputs: sample(inputs), **kwargs)
