!> Heat in a rod, which the processes of an MPI communicator share: each has a piece of it.
module heat
  use mpi
  implicit none
contains

  !> Let the rod be for `steps` steps. Its ends stay as they are.
  subroutine diffuse(comm, n, u, r, steps)
    integer, intent(in) :: comm          !< the communicator, as Fortran's number
    integer, intent(in) :: n, steps
    real(8), intent(inout) :: u(n)       !< the temperatures of this process's piece
    real(8), intent(in) :: r             !< diffusivity * time step / spacing^2, below 1/2
    real(8) :: v(0:n + 1)
    integer :: rank, ranks, left, right, step, status(MPI_STATUS_SIZE), ierror
    call mpi_comm_rank(comm, rank, ierror)
    call mpi_comm_size(comm, ranks, ierror)
    left = merge(rank - 1, MPI_PROC_NULL, rank > 0)
    right = merge(rank + 1, MPI_PROC_NULL, rank < ranks - 1)
    v(0) = u(1)
    v(n + 1) = u(n)
    do step = 1, steps
      v(1:n) = u
      call mpi_sendrecv(u(1), 1, MPI_DOUBLE_PRECISION, left, 0, &
                        v(n + 1), 1, MPI_DOUBLE_PRECISION, right, 0, comm, status, ierror)
      call mpi_sendrecv(u(n), 1, MPI_DOUBLE_PRECISION, right, 1, &
                        v(0), 1, MPI_DOUBLE_PRECISION, left, 1, comm, status, ierror)
      u = v(1:n) + r * (v(:n - 1) - 2 * v(1:n) + v(2:))
      if (rank == 0) u(1) = v(1)
      if (rank == ranks - 1) u(n) = v(n)
    end do
  end subroutine

  !> The mean temperature of the whole rod, on every process.
  real(8) function mean(comm, u)
    integer, intent(in) :: comm
    real(8), intent(in) :: u(:)
    real(8) :: mine(2), all(2)
    integer :: ierror
    mine = [sum(u), real(size(u), 8)]
    call mpi_allreduce(mine, all, 2, MPI_DOUBLE_PRECISION, MPI_SUM, comm, ierror)
    mean = all(1) / all(2)
  end function
end module
