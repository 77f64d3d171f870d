"""The published convolutional lab, written anew in Keras 3: the baseline of the training figures.

Encoder and decoder are those of lesson 04 (550,629 parameters). It samples with exp(s)·ε where s should be the
log-variance, and its loss is the mean cross-entropy of a pixel with −5e-4 times the mean over the latents of
1 + s − m² − exp(s). RMSprop with its default rate, batches of 16.

``python -m bench.published`` trains it to its end and says where that is.
"""

import keras
import numpy as np
from keras import ops

from bench.measure import seconds
from bench.solved import names_until, pictures

LESSON = "04_encoder_decoder"
BATCH, EPOCHS = 16, 5


class PublishedVAE(keras.Model):
    """Pictures (n, 28, 28, 1) → reconstructions, with the published sampler and loss."""

    def __init__(self) -> None:
        super().__init__()
        names = names_until(LESSON, "decoder")
        self.encoder, self.decoder = names["build_encoder"](), names["build_decoder"]()
        self.seeds = keras.random.SeedGenerator(237)

    def call(self, images: object) -> object:
        """Encode, draw, decode."""
        mean, s = self.encoder(images)
        self.add_loss(-5e-4 * ops.mean(1 + s - ops.square(mean) - ops.exp(s)))
        return self.decoder(mean + ops.exp(s) * keras.random.normal(ops.shape(mean), seed=self.seeds))


def build() -> PublishedVAE:
    """The model, compiled as published."""
    vae = PublishedVAE()
    vae.compile(optimizer=keras.optimizers.RMSprop(), loss="binary_crossentropy")
    vae.build((None, 28, 28, 1))
    return vae


def negative_elbo(vae: PublishedVAE, images: np.ndarray) -> float:
    """Mean over ``images`` in nats: summed cross-entropy of one draw, and the KL of what it really draws from.

    The sampler's standard deviation is exp(s), so its log-variance is 2s.
    """
    total = 0.0
    for start in range(0, len(images), 500):
        batch = images[start : start + 500]
        reconstructions = vae.predict_on_batch(batch)
        mean, s = map(np.float64, vae.encoder.predict_on_batch(batch))
        pixels = ops.convert_to_numpy(keras.losses.binary_crossentropy(batch, reconstructions))
        total += pixels.sum() + 0.5 * (np.exp(2 * s) + mean**2 - 1 - 2 * s).sum()
    return total / len(images)


def main() -> None:
    """Train as published, on lesson 03's split; print the seconds and the held-out −ELBO."""
    x_train, x_valid = pictures()
    vae = build()
    spent = seconds(lambda: vae.fit(x_train, x_train, batch_size=BATCH, epochs=EPOCHS, verbose=2))
    print(f"{EPOCHS} epochs took {spent:.0f} s and ended at {negative_elbo(vae, x_valid):.1f} nats")


if __name__ == "__main__":
    main()
