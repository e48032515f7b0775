// A web service that names what is in an uploaded image.
//   dotnet run -c Release --project samples/ClassifyApi -- --Model mlp-demo/model.mlbundle
//   curl --data-binary @image.png http://localhost:5000/classify?top=3
using MLPipelines.Pipelines;

var builder = WebApplication.CreateBuilder(args);
var path = builder.Configuration["Model"] ?? throw new InvalidOperationException("Say which model to serve: --Model FILE.mlbundle (mlp demo makes one).");

// One predictor serves all requests: it is thread-safe, and the container disposes it.
builder.Services.AddSingleton(_ => Predictor.Open(path));
var app = builder.Build();
app.Services.GetRequiredService<Predictor>();

app.MapGet("/labels", (Predictor predictor) => predictor.Bundle.Labels);
app.MapPost("/classify", async (HttpRequest request, Predictor predictor, CancellationToken cancellation, int top = 5) =>
{
    using var image = new MemoryStream();
    await request.Body.CopyToAsync(image, cancellation);
    try
    {
        return Results.Ok(predictor.Predict(image.ToArray(), top, "upload"));
    }
    catch (InvalidDataException unreadable)
    {
        return Results.Problem(unreadable.Message, statusCode: StatusCodes.Status415UnsupportedMediaType);
    }
});
app.Run();
