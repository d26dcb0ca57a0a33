System.Console.WriteLine("sluice");
