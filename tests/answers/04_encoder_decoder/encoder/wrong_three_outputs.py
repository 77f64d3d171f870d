# fails: test_hidden_layers_end_in_relu
# says: two outputs
def build_encoder(img_shape=(28, 28, 1), latent_dim=2):
    i = keras.Input(img_shape)
    x = i
    for k, f in enumerate((32, 64, 64, 64)):
        x = layers.Conv2D(f, 3, strides=1 + (k == 1), padding="same", activation="relu")(x)
    x = layers.Dense(32, activation="relu")(layers.Flatten()(x))
    m, s = layers.Dense(latent_dim, name="z_mean")(x), layers.Dense(latent_dim, name="z_log_var")(x)
    return keras.Model(i, [m, s, layers.Add()([m, s])])
