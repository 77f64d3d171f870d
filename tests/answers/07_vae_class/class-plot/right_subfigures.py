@method_of(VariationalAutoencoder)
def plot_results(self, x_test, n=10):
    side = int(self.n_pixels**0.5)
    z_mean = self.encoder(x_test[:n])[0]
    decoded = self.decoder(z_mean).numpy()
    figure = plt.figure(figsize=(n, 2.4))
    for part, images, title in zip(figure.subfigures(2, 1), (x_test[:n], decoded), ("original", "reconstruction")):
        for ax, image in zip(np.atleast_1d(part.subplots(1, n)), images):
            ax.imshow(image.reshape(side, side))
            ax.axis("off")
        part.suptitle(title)
    return figure
