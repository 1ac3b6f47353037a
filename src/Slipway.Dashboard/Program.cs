using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Components.WebAssembly.Hosting;
using MudBlazor.Services;
using Slipway.Dashboard;
using Slipway.Dashboard.Live;
using Slipway.Dashboard.Session;
using Slipway.Dashboard.Shell;

var builder = WebAssemblyHostBuilder.CreateDefault(args);
builder.RootComponents.Add<App>("#app");
builder.RootComponents.Add<HeadOutlet>("head::after");
builder.Services.AddMudServices();

// One of each for the page: it is one person's, and one address's.
var origin = new Uri(new Uri(builder.HostEnvironment.BaseAddress).GetLeftPart(UriPartial.Authority));
var session = new SessionState();
var client = new SlipwayClient(new HttpClient { BaseAddress = origin, Timeout = Timeout.InfiniteTimeSpan }, session, TimeProvider.System);
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddSingleton(session);
builder.Services.AddSingleton(client);
builder.Services.AddSingleton(new RowFeed(client, TimeProvider.System));
builder.Services.AddScoped<Browser>();
await builder.Build().RunAsync();
