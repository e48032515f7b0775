namespace MLPipelines.Learning;

/// <summary>Computes one tile; see <see cref="TileShape"/>.</summary>
/// <param name="a">Read one number at a time.</param>
/// <param name="b">Read in whole vectors.</param>
/// <param name="c">Written in whole vectors.</param>
/// <param name="bias">Read in whole vectors where the shape's end asks for it.</param>
public unsafe delegate void TileKernel(float* a, float* b, float* c, float* bias);
