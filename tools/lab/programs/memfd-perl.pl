use strict;
# A program in memory alone, by nothing but Perl's syscall: memfd_create is 319.
my $name = 'x';
my $fd = syscall(319, $name, 0);
die "memfd_create: $!" if $fd < 0;
open(my $program, '<:raw', '/srv/lab/bin/idle') or die $!;
open(my $memory, '>&=', $fd) or die $!;
binmode $memory;
{ local $/; print $memory scalar <$program>; }
$memory->flush();
if (fork() == 0) { exec { "/proc/$$/fd/$fd" } 'kworker'; }
select(undef, undef, undef, 0.5);
$| = 1;
print "ready\n";
sleep 3600 while 1;
