namespace MLPipelines.Pipelines;

/// <summary>The shapes of the sample images as signed distances: negative inside, positive outside, in units of the shape's radius.</summary>
/// <remarks>x runs to the right and y downwards; every shape lies within the circle of radius 1 around the origin.</remarks>
internal static class Glyphs
{
    /// <summary>The shapes by class name, in ordinal order.</summary>
    public static IReadOnlyList<(string Name, Func<double, double, double> Distance)> All { get; } =
    [
        ("arrow", Polygon((0, -0.95), (0.75, -0.1), (0.28, -0.1), (0.28, 0.9), (-0.28, 0.9), (-0.28, -0.1), (-0.75, -0.1))),
        ("circle", (x, y) => Math.Sqrt(x * x + y * y) - 0.8),
        ("crescent", (x, y) => Math.Max(Math.Sqrt(x * x + y * y) - 0.9, 0.72 - Math.Sqrt((x - 0.4) * (x - 0.4) + y * y))),
        ("cross", Polygon(Mirrored((0.25, -0.9), (0.25, -0.25), (0.9, -0.25)))),
        ("diamond", Polygon((0, -0.95), (0.55, 0), (0, 0.95), (-0.55, 0))),
        ("heart", Polygon([.. Enumerable.Range(0, 48).Select(i => Heart(2 * Math.PI * i / 48))])),
        ("hexagon", Polygon(Regular(6, 0.92))),
        ("ring", (x, y) => Math.Abs(Math.Sqrt(x * x + y * y) - 0.68) - 0.17),
        ("spiral", Spiral),
        ("square", Polygon((-0.7, -0.7), (0.7, -0.7), (0.7, 0.7), (-0.7, 0.7))),
        ("star", Polygon([.. Enumerable.Range(0, 10).Select(i => Polar(i % 2 == 0 ? 0.98 : 0.4, Math.PI * i / 5))])),
        ("triangle", Polygon(Regular(3, 0.98))),
    ];

    // The distance to the nearest edge; the sign by the number of edges that a ray to the right crosses.
    private static Func<double, double, double> Polygon(params (double X, double Y)[] corners) => (x, y) =>
    {
        var (nearest, inside) = (double.MaxValue, false);
        for (var i = 0; i < corners.Length; i++)
        {
            var (a, b) = (corners[i], corners[(i + 1) % corners.Length]);
            var (edgeX, edgeY, toX, toY) = (b.X - a.X, b.Y - a.Y, x - a.X, y - a.Y);
            var along = Math.Clamp((toX * edgeX + toY * edgeY) / (edgeX * edgeX + edgeY * edgeY), 0, 1);
            var (offX, offY) = (toX - along * edgeX, toY - along * edgeY);
            nearest = Math.Min(nearest, offX * offX + offY * offY);
            if (a.Y > y != b.Y > y && toX < edgeX * toY / edgeY) inside = !inside;
        }
        return inside ? -Math.Sqrt(nearest) : Math.Sqrt(nearest);
    };

    // Angle 0 points up, so that odd polygons stand on an edge.
    private static (double X, double Y) Polar(double radius, double angle) => (radius * Math.Sin(angle), -radius * Math.Cos(angle));

    private static (double X, double Y)[] Regular(int corners, double radius) =>
        [.. Enumerable.Range(0, corners).Select(i => Polar(radius, 2 * Math.PI * i / corners))];

    // A quarter of an outline, turned four times.
    private static (double X, double Y)[] Mirrored(params (double X, double Y)[] quarter) =>
        [.. quarter, .. quarter.Select(p => (-p.Y, p.X)), .. quarter.Select(p => (-p.X, -p.Y)), .. quarter.Select(p => (p.Y, -p.X))];

    // https://mathworld.wolfram.com/HeartCurve.html, the fourth curve there, scaled to fit.
    private static (double X, double Y) Heart(double t)
    {
        var sine = Math.Sin(t);
        return (16 * sine * sine * sine / 18, -(13 * Math.Cos(t) - 5 * Math.Cos(2 * t) - 2 * Math.Cos(3 * t) - Math.Cos(4 * t)) / 18);
    }

    // Archimedes: the radius grows by 0.42 a turn. The distance is taken along the radius, which is close enough for so thin a line.
    private static double Spiral(double x, double y)
    {
        const double Growth = 0.42;
        var radius = Math.Sqrt(x * x + y * y);
        var turn = Math.Atan2(y, x) / (2 * Math.PI) + 0.5;
        var arm = Math.Clamp(Math.Round(radius / Growth - turn), 0, 1);
        return Math.Max(Math.Abs(radius - Growth * (turn + arm)) - 0.1, radius - 0.95);
    }
}
