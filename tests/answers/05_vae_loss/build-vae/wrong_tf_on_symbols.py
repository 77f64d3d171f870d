# fails: test_trains_what_it_is_given
# says: functions of `tf` need values
import tensorflow as tf


def build_vae(encoder, decoder, beta=1.0):
    images = keras.Input(encoder.input_shape[1:])
    z_mean, z_log_var = encoder(images)
    z = z_mean + tf.exp(0.5 * z_log_var) * tf.random.normal(tf.shape(z_mean))
    outputs = VAELossLayer(beta, name="vae_loss")([images, decoder(z), z_mean, z_log_var])
    vae = keras.Model(images, outputs)
    vae.compile("adam")
    return vae
