# fails: test_one_or_three_images
# says: upside down
@method_of(VariationalAutoencoder)
def plot_results(self, x_test, n=10):
    side = round(self.n_pixels**0.5)
    rec = self.decoder(self.encoder(x_test[:n])[0]).numpy()
    fig, axes = plt.subplots(2, n, squeeze=False)
    for i in range(n):
        for r, im in enumerate((x_test[i], rec[i])):
            axes[r, i].imshow(im.reshape(side, side), origin="lower")
            axes[r, i].axis("off")
    return fig
