namespace MLPipelines.Pipelines;

/// <summary>The signed distance to a shape's outline at (x, y): negative inside, positive outside.</summary>
internal delegate double Distance(double x, double y);

/// <summary>The shapes of the sample images as signed distances in units of the shape's radius.</summary>
/// <remarks>
/// <para>x runs to the right and y downwards; every shape lies within the circle of radius 1 around the origin.</para>
/// <para>Each shape is drawn at a variation from 0, its textbook form, to 1, where it is hard to tell from its look-alike: an arrow with a short
/// shaft from a triangle, a rounded hexagon or triangle from a circle, a crescent with a small bite from a circle, a tapered cross from a
/// star, a wide diamond from a square, a heart without a cleft from a triangle, a ring with its hole at the rim from a crescent, a spiral
/// without its centre from a ring.</para>
/// </remarks>
internal static class Glyphs
{
    private static readonly Distance circle = (x, y) => Math.Sqrt(x * x + y * y) - 0.8;
    private static readonly Distance heart = Polygon([.. Enumerable.Range(0, 48).Select(i => Heart(2 * Math.PI * i / 48))]);
    private static readonly Distance hexagon = Polygon(Regular(6, 0.92));
    private static readonly Distance triangle = Polygon(Regular(3, 0.98));

    /// <summary>The shapes by class name, in ordinal order; each takes the variation.</summary>
    public static IReadOnlyList<(string Name, Func<double, Distance> Shape)> All { get; } =
    [
        ("arrow", Arrow),
        ("circle", v => Between(circle, hexagon, v / 3)),
        ("crescent", v => (x, y) => Math.Max(Math.Sqrt(x * x + y * y) - 0.9, 0.72 - Math.Sqrt(Square(x - 0.4 - 0.4 * v) + y * y))),
        ("cross", v => Polygon(Mirrored((0.25 - 0.13 * v, -0.9), (0.25 + 0.03 * v, -0.25 - 0.03 * v), (0.9, -0.25 + 0.13 * v)))),
        ("diamond", v => Rhombus(0.55 + 0.16 * v, 0.95 - 0.04 * v)),
        ("heart", v => Between(heart, UpsideDown(triangle), v / 2)),
        ("hexagon", v => Between(hexagon, circle, v / 2)),
        ("ring", v => (x, y) => Math.Max(Math.Sqrt(x * x + y * y) - 0.85, 0.51 - Math.Sqrt(Square(x - 0.31 * v) + y * y))),
        ("spiral", Spiral),
        ("square", v => Turned(Rhombus(0.99 - 0.28 * v, 0.99 - 0.08 * v))),
        ("star", v => Polygon([.. Enumerable.Range(0, 10).Select(i => Polar(i % 2 == 0 ? 0.98 : 0.4 - 0.12 * v, Math.PI * i / 5))])),
        ("triangle", v => Between(triangle, circle, v / 2)),
    ];

    private static Distance Arrow(double v)
    {
        var (head, shaft, neck, tail) = (0.75 + 0.05 * v, 0.28 + 0.02 * v, -0.1 + 0.35 * v, 0.9 - 0.2 * v);
        return Polygon((0, -0.95), (head, neck), (shaft, neck), (shaft, tail), (-shaft, tail), (-shaft, neck), (-head, neck));
    }

    private static Distance Rhombus(double halfWidth, double halfHeight) => Polygon((0, -halfHeight), (halfWidth, 0), (0, halfHeight), (-halfWidth, 0));

    // Archimedes: the radius grows by 0.42 a turn. The distance is taken along the radius, which is close enough for so thin a line.
    private static Distance Spiral(double v) => (x, y) =>
    {
        const double Growth = 0.42;
        var radius = Math.Sqrt(x * x + y * y);
        var turn = Math.Atan2(y, x) / (2 * Math.PI) + 0.5;
        var arm = Math.Clamp(Math.Round(radius / Growth - turn), 0, 1);
        return Math.Max(Math.Max(Math.Abs(radius - Growth * (turn + arm)) - 0.1, radius - 0.95), 0.4 * v - radius);
    };

    // The distance to the nearest edge; the sign by the number of edges that a ray to the right crosses.
    private static Distance Polygon(params (double X, double Y)[] corners) => (x, y) =>
    {
        var (nearest, inside) = (double.MaxValue, false);
        for (var i = 0; i < corners.Length; i++)
        {
            var (a, b) = (corners[i], corners[i + 1 < corners.Length ? i + 1 : 0]);
            var (edgeX, edgeY, toX, toY) = (b.X - a.X, b.Y - a.Y, x - a.X, y - a.Y);
            var along = Math.Clamp((toX * edgeX + toY * edgeY) / (edgeX * edgeX + edgeY * edgeY), 0, 1);
            var (offX, offY) = (toX - along * edgeX, toY - along * edgeY);
            nearest = Math.Min(nearest, offX * offX + offY * offY);
            if (a.Y > y != b.Y > y && toX < edgeX * toY / edgeY) inside = !inside;
        }
        return inside ? -Math.Sqrt(nearest) : Math.Sqrt(nearest);
    };

    // A shape on the way from one to another.
    private static Distance Between(Distance from, Distance to, double share) =>
        share == 0 ? from : (x, y) => (1 - share) * from(x, y) + share * to(x, y);

    private static Distance UpsideDown(Distance shape) => (x, y) => shape(x, -y);

    // By 45°.
    private static Distance Turned(Distance shape) => (x, y) => shape((x + y) * Math.Sqrt(0.5), (y - x) * Math.Sqrt(0.5));

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

    private static double Square(double value) => value * value;
}
