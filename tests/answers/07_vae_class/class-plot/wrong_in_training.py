# fails: test_one_or_three_images
# says: training=True
# loses: 0.5
@method_of(VariationalAutoencoder)
def plot_results(self, x_test, n=10):
    side = round(self.n_pixels**0.5)
    z_mean = self.encoder(x_test[:n], training=True)[0]
    decoded = self.decoder(z_mean, training=True).numpy()
    figure, axes = plt.subplots(2, n, squeeze=False)
    for ax, image in zip(axes.flat, [*x_test[:n], *decoded]):
        ax.imshow(image.reshape(side, side))
        ax.axis("off")
    return figure
