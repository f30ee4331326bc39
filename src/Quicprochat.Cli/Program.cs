Console.WriteLine("qpc");
