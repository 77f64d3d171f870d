@method_of(VariationalAutoencoder)
def plot_results(self, x_test, n=10):
    side = int(np.sqrt(self.n_pixels))
    codes = self.encoder.predict(x_test[:n], verbose=0)[0]
    decoded = self.decoder.predict(codes, verbose=0)
    fig = plt.figure(figsize=(2 * n, 4))
    for i in range(n):
        ax = plt.subplot(2, n, i + 1)
        plt.imshow(x_test[i].reshape(side, side))
        plt.gray()
        ax.get_xaxis().set_visible(False)
        ax.get_yaxis().set_visible(False)
        ax = plt.subplot(2, n, i + 1 + n)
        plt.imshow(decoded[i].reshape(side, side))
        plt.gray()
        ax.get_xaxis().set_visible(False)
        ax.get_yaxis().set_visible(False)
    return fig
