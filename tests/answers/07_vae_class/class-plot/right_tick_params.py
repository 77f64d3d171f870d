import math
@method_of(VariationalAutoencoder)
def plot_results(self, x_test, n=10):
    s = int(math.sqrt(self.n_pixels))
    z = self.encoder.predict(x_test[:n], verbose=0)[0]
    rec = self.decoder.predict(z, verbose=0)
    fig = plt.figure(figsize=(2 * n, 4))
    for i in range(n):
        for r, source in enumerate((x_test, rec)):
            ax = fig.add_subplot(2, n, i + 1 + r * n)
            ax.imshow(source[i].reshape(s, s), cmap="gray")
            ax.tick_params(left=False, bottom=False, labelleft=False, labelbottom=False)
    return fig
